/** How pictures are distributed, beside those of data: in the features of a judge, and in their spectra. */
package org.kolotoc.eval.image;
