/** Which bundles fill the seats of a run, kept with it: lock.json names them, and their jars lie in the run's folder. */
package org.kolotoc.engine.lease;
