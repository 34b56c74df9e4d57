/**
 * What plugin authors compile against: a page that lists it, made from the sources, and a record of every exported
 * signature, made from the class files, with which the next build is compared.
 */
package org.kolotoc.develop.contracts;
