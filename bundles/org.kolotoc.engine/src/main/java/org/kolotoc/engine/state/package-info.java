/** What a run carries from step to step, on the device and on disk. */
package org.kolotoc.engine.state;
