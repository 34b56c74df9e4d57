/** What the machine gives at most: multiply-adds a second, bytes a second. */
package org.kolotoc.bench.ceiling;
