/** Documents of several sources, mixed by shares of tokens. */
package org.kolotoc.data.mixture;
