package org.kolotoc.text;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/** What there is beside characters. */
public record CharSettings(
        @Help("names of tokens that stand for no text, such as \"<mask>\"; they have the last numbers") @Default("[]")
        List<String> specials) {}
