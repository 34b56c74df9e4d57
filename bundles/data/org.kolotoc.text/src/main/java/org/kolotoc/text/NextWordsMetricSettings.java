package org.kolotoc.text;

import java.util.List;
import org.kolotoc.api.Settings.Help;

/** What the words follow. */
public record NextWordsMetricSettings(
        @Help("what the words of each table follow, as the sampler has them")
        List<String> prompts) {}
