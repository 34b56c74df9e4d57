package whisper;

import org.kolotoc.api.*;
import org.osgi.service.component.annotations.Component;
import voices.*;

@Component
@Seat(kind = "voice", id = "whisper", summary = "in small letters")
public final class Whisper implements VoiceFamily<Settings.None> {
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    public Voice create(Settings.None own) {
        return text -> {
            if (text.endsWith("nobody")) {
                throw new IllegalStateException("nobody hears");
            }
            return "(" + text.toLowerCase() + ")";
        };
    }
}
