/** What a run shows people: one page that needs nothing else. */
package org.kolotoc.engine.report;
