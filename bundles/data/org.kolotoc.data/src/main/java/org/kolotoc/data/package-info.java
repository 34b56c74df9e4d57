/** Data sources and batching: files become batches that are addressed by index. */
package org.kolotoc.data;
