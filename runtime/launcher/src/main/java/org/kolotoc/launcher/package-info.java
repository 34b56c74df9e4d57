/** Starts the framework with what the feature files list, runs one command in it and exits with its code. */
package org.kolotoc.launcher;
