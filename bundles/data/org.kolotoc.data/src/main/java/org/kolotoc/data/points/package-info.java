/** Points with known distributions. */
package org.kolotoc.data.points;
