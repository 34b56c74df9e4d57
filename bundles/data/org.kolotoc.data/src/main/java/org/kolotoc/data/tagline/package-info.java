/** Shops, instructions that ask for their taglines, and documents that tell these: what a text model makes of an instruction. */
package org.kolotoc.data.tagline;
