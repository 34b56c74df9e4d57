package org.kolotoc.engine.feature;

import java.util.List;

/**
 * What a change of the features comes to.
 *
 * @param did {@code install hello 1.0.0}
 * @param before number of the state that held
 * @param after number of the state that holds now, or would
 * @param added bundles that came, by name and version
 * @param gone bundles that went
 * @param used those of them that a run still uses, and that go when it ends
 * @param dry whether nothing was changed
 */
public record FeatureChange(
        String did, int before, int after, List<String> added, List<String> gone, List<String> used, boolean dry) {}
