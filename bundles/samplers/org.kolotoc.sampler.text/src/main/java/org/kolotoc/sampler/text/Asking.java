package org.kolotoc.sampler.text;

import java.util.List;
import java.util.function.Function;
import org.kolotoc.api.chat.ChatTokens;

/**
 * What is asked, and how it is written.
 *
 * @param questions at least one
 * @param prompt what a model goes on from to answer one
 * @param tokens what ends an answer
 */
record Asking(List<String> questions, Function<String, int[]> prompt, ChatTokens tokens) {}
