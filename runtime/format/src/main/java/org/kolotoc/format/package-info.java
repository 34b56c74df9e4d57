/** The formatter of the build: one style for every Java file, checked by {@code verify}, applied by {@code format}. */
package org.kolotoc.format;
