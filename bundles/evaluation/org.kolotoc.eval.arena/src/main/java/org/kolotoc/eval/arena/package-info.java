/** An arena: models are rated by battles of two, and the table says how sure that is. */
package org.kolotoc.eval.arena;
