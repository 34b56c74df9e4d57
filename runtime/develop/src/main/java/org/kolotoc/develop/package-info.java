/**
 * The commands of the {@code kolotoc} script that need nothing built: they build, test, format and time the project. The
 * script runs {@link org.kolotoc.develop.Main} straight from these sources, so they use the JDK alone. The launcher has
 * them on its class path too, for the names of these commands and the table of exit codes.
 */
package org.kolotoc.develop;
