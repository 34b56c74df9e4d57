/** Generators, which make samples of noise, and discriminators, which tell them from data. */
package org.kolotoc.model.gan;
