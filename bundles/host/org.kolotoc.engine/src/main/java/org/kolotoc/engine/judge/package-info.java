/** Whether a run met its criteria, and whether the criteria are worth anything: what must fail them does. */
package org.kolotoc.engine.judge;
