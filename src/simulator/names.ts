/** Names of invented people. */

export const FIRST_NAMES =
  "Ada Ben Chiara Deniz Elif Farid Greta Hana Ivo Jun Kofi Lena Mara Noor Otto Priya Quinn Rosa Sami Tove Uma Vito Wren Zoë".split(
    " ",
  );

export const LAST_NAMES =
  "Abara Brandt Castillo Duarte Eriksen Fontaine Goldberg Haddad Ito Jansen Kowalski Lindqvist Moreau Nakamura O'Brien Petrov Quispe Rossi Sato Tremblay".split(
    " ",
  );
