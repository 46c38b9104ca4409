package miroir.validation;

import java.nio.file.Path;
import java.util.List;
import miroir.server.validation.MakeValidator;
import miroir.server.validation.ResourceValidator;

/** Provides the validator. HAPI's classes are not touched before one is made. */
public final class MakeHapiValidator implements MakeValidator {
    @Override
    public ResourceValidator run(List<Path> packages) {
        return HapiValidator.with(packages);
    }
}
