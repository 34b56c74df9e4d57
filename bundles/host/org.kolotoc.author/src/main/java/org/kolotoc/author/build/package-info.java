/** Makes a bundle of a plugin's sources, in this process. */
package org.kolotoc.author.build;
