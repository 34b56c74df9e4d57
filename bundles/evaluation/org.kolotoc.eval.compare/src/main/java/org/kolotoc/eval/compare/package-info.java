/** Claims of two sides, judged by a paired bootstrap over the seeds of their runs. */
package org.kolotoc.eval.compare;
