/** Pictures: of IDX files, of a folder, and drawn. */
package org.kolotoc.data.pictures;
