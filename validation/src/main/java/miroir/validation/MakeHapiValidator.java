package miroir.validation;

import miroir.server.configuration.ValidationConfiguration;
import miroir.server.validation.MakeValidator;
import miroir.server.validation.ResourceValidator;
import miroir.server.validation.StoredDefinitions;

/** Provides the validator. HAPI's classes are not touched before one is made. */
public final class MakeHapiValidator implements MakeValidator {
    @Override
    public ResourceValidator run(ValidationConfiguration configuration, StoredDefinitions stored) {
        return HapiValidator.with(configuration.packages(), stored, configuration.stored());
    }
}
