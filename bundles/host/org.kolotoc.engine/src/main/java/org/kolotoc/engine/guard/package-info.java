/** Watches over calls into plugins that do not come back. */
package org.kolotoc.engine.guard;
