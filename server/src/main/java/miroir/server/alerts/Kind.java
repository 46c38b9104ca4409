package miroir.server.alerts;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be wrong, in French and in English. */
enum Kind {
    DATABASE_AWAY("La base de données ne répond pas", "The database does not answer"),
    NOT_READY("Le serveur n'est pas prêt", "The server is not ready"),
    NOBODY_SYNCHRONISES(
            "Aucun processus ne fait les synchronisations", "There is no process that does the synchronisations"),
    FAILED("La synchronisation %s est en échec", "The synchronisation %s has failed"),
    WAITING(
            "La synchronisation %s attend une confirmation : trop de ressources ont disparu à la source",
            "The synchronisation %s waits for a confirmation: too many resources have vanished from the source"),
    LATE("La synchronisation %s est en retard", "The synchronisation %s is late"),
    ERRORS("Le serveur %s répond trop souvent par une erreur", "The server %s fails too often"),
    SLOW("Le serveur %s répond trop lentement", "The server %s answers too slowly"),
    DISK("Le disque du serveur %s est presque plein", "The disk of the server %s is almost full"),
    DATABASE_DISK("Le disque de la base de données est presque plein", "The disk of the database is almost full"),
    SUBSCRIPTION("L'abonnement %s est en erreur", "The subscription %s is in error"),
    CERTIFICATE("Le certificat TLS demande votre attention", "The TLS certificate needs attention");

    private final String french;
    private final String english;

    Kind(String french, String english) {
        this.french = french;
        this.english = english;
    }

    /** The one of that name; empty where this version knows none. */
    static Optional<Kind> find(String name) {
        return Arrays.stream(values()).filter(each -> each.name().equals(name)).findFirst();
    }

    String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    String french(String subject) {
        return String.format(Locale.ROOT, french, subject);
    }

    String english(String subject) {
        return String.format(Locale.ROOT, english, subject);
    }
}
