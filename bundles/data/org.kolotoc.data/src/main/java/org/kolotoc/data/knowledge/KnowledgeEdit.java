package org.kolotoc.data.knowledge;

import org.kolotoc.api.Settings.Help;

/** A fact set by hand. */
public record KnowledgeEdit(
        @Help("whose: Hvězdárna Brno") String institution,
        @Help("place, founder or closed") String relation,
        @Help("what holds instead: Modrém kopci") String value) {}
