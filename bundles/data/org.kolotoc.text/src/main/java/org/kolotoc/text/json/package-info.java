/** Files of others, read strictly: what is wrong is said with file and place. */
package org.kolotoc.text.json;
