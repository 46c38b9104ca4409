package miroir.server.validation;

import miroir.server.configuration.ValidationConfiguration;

/** How a validator is made: the service that the optional part provides. To load this class touches nothing of the library. */
public interface MakeValidator {
    /**
     * Makes one, which takes seconds.
     *
     * @param stored definitions beside those of FHIR and of packages
     */
    ResourceValidator run(ValidationConfiguration configuration, StoredDefinitions stored);
}
