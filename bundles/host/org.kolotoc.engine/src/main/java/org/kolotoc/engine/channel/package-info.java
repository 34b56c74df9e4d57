/**
 * Speaking to a run that goes on: a Unix domain socket in its folder, over which its own user asks by one line of JSON and is
 * answered by lines of JSON. Whoever asks neither disturbs a run nor changes what it computes.
 */
@Export
@Version("0.5.0")
package org.kolotoc.engine.channel;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
