/** JSON as the files of experiments and runs hold it: read strictly, its fields by type, every fault with its place. */
package org.kolotoc.engine.json;
