/**
 * The seats: the promises between the engine and what is plugged into it.
 *
 * <p>A plugin implements one seat ({@link org.kolotoc.api.ModelFamily}, {@link org.kolotoc.api.Phase},
 * {@link org.kolotoc.api.DataSource}, {@link org.kolotoc.api.Metric}, and in {@link org.kolotoc.api.text} tokenizers
 * and decoders), marks it with {@link org.kolotoc.api.Seat} and is found by its id in an experiment. What settings name is
 * made by a {@link org.kolotoc.api.Family}, such as {@link org.kolotoc.api.OptimizerFamily} and {@link org.kolotoc.api.AdapterFamily}; a
 * {@link org.kolotoc.api.Command} is typed. Which kinds there are is open: {@link org.kolotoc.api.SeatKind}. Models and phases
 * meet through {@link org.kolotoc.api.Signature}s alone: neither knows the other.
 */
@Export
@Version("0.10.0")
package org.kolotoc.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
