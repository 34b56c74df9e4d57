/** Verses of four lines: how they sound, who writes them, and what it costs to say them or to compare two. */
package org.kolotoc.data.verse;
