/** Questions and answers: how they are written as tokens, data of them, and who judges an answer. */
@Export
@Version("0.2.0")
package org.kolotoc.api.chat;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
