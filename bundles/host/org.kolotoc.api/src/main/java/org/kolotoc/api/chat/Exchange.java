package org.kolotoc.api.chat;

/**
 * A question and an answer to it, without any mark.
 *
 * @param question may be empty
 */
public record Exchange(String question, String answer) {}
