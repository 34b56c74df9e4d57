/** How points are distributed, beside those of data. */
package org.kolotoc.eval.points;
