/**
 * Command lines of commands: what each takes is declared once, and read, shown and completed from that. Other rooms see
 * no class of the parser.
 */
@Export
@Version("0.7.0")
package org.kolotoc.engine.command;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
