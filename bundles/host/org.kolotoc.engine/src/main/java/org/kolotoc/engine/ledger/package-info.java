/** What a run did in another way than it was told: collected, counted, refused where an experiment is strict. */
@Export
@Version("0.5.0")
package org.kolotoc.engine.ledger;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
