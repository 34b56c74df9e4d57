/** The folder of one run: who holds it, how far it is, what was measured; nothing outside it is ever written. */
package org.kolotoc.engine.folder;
