/** Answers that are programs, judged by running them. */
package org.kolotoc.data.program;
