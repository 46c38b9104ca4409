package miroir.storage;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import miroir.index.yaml.ConfigurationRefused;

/** Refuses a database that is kept in a format which this Miroir does not know, for who opens no store and changes something in it all the same. */
public final class RequireFormat {
    private RequireFormat() {}

    /**
     * Returns where this Miroir may go on with the database of a store, and where there is none.
     *
     * @throws ConfigurationRefused where it has to leave it alone
     */
    public static void known(MongoStoreSettings settings) {
        try (MongoClient client = MongoClients.create(settings.clientSettings())) {
            FormatBoard board = new FormatBoard(client.getDatabase(settings.database()));
            Refusing.failures("looking in which format the database is kept", board::said)
                    .flatMap(found -> found.refusal(FormatSteps.shipped().newest()))
                    .ifPresent(why -> {
                        throw refused(settings.database(), why);
                    });
        }
    }

    static ConfigurationRefused refused(String database, String why) {
        return new ConfigurationRefused("the database " + database, why);
    }
}
