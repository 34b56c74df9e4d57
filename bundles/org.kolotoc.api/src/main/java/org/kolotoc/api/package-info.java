/** The seats that plugins take: what a model, a phase, a data source, a tokenizer, a decoder and a metric promise. */
@Export
@Version("0.1.0")
package org.kolotoc.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
