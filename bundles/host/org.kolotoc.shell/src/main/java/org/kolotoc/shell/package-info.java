/** Commands for people. */
package org.kolotoc.shell;
