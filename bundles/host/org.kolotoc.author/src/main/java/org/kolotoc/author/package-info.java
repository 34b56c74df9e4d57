/** Commands for people who write plugins. Loaded when one of them is asked for, as its feature says. */
package org.kolotoc.author;
