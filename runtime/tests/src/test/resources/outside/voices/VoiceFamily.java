package voices;

import org.kolotoc.api.*;

/** A kind of seat that no bundle of the program knows. */
@SeatKind(value = "voice", summary = "how a greeting is said")
public interface VoiceFamily<S extends Record> extends Family<S, Voice> {}
