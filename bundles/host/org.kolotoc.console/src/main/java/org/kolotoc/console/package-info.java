/** The commands in one process, line after line: for people who type several. */
package org.kolotoc.console;
