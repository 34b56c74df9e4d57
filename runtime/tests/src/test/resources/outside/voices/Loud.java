package voices;

import org.kolotoc.api.*;
import org.osgi.service.component.annotations.Component;

@Component
@Seat(kind = "voice", id = "loud", summary = "with exclamation marks")
public final class Loud implements VoiceFamily<Loud.Marks> {
    public record Marks(
            @Settings.Default("1") @Settings.Range(min = 1, max = 5)
            int marks) {}

    public Class<Marks> settings() {
        return Marks.class;
    }

    public Voice create(Marks own) {
        return text -> text + "!".repeat(own.marks());
    }
}
