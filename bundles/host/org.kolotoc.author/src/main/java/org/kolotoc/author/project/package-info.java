/** Makes the project of a new plugin, of the page for authors that shows its kind. */
package org.kolotoc.author.project;
