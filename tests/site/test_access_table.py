"""Who gets what at every address: a route that the table does not name fails (journeys.md, R72, R101).

Each cell is the status that the role gets, plain; `login` is the log-in page. With HTMX it is the same,
but that a fragment (200) may stand for a 303. A POST is sent with a valid token and no other value: 422,
400, 409 and 410 say that the role may, and that nothing was filled in, or that the act is not possible now.
The rows belong to the Librairie Le Grand Large; « other » is another shop's principal. « #… » tells the
rows of one rule apart: threads of other services, bank details, an account's first request for access.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from tests.site.scene import ROLES, Asker, Scene, short

TABLE = """
#    address                                      visit princ cmdes docs  other sales sav   compt root
GET  /                                             login 200   200   200   200   303   303   303   303
GET  /acces                                        200   200   200   200   200   200   200   200   200
POST /acces                                        422   422   422   422   422   422   422   422   422
GET  /acces/<token>                                login 200   403   403   404   403   403   403   403
GET  /acces/<token>#first                          200   200   200   200   200   200   200   200   200
GET  /acces/<token>/accorder                       303   303   303   303   303   303   303   303   303
POST /acces/<token>/accorder                       login 303   403   403   404   403   403   403   403
GET  /acces/<token>/activer                        303   303   303   303   303   303   303   303   303
POST /acces/<token>/activer                        404   404   404   404   404   404   404   404   404
POST /acces/<token>/activer#first                  303   303   303   303   303   303   303   303   303
GET  /acces/<token>/ce-n-est-pas-moi               303   303   303   303   303   303   303   303   303
POST /acces/<token>/ce-n-est-pas-moi               404   404   404   404   404   404   404   404   404
POST /acces/<token>/ce-n-est-pas-moi#first         303   303   303   303   303   303   303   303   303
GET  /acces/<token>/refuser                        303   303   303   303   303   303   303   303   303
POST /acces/<token>/refuser                        login 303   403   403   404   403   403   403   403
GET  /acces/<token>/renvoyer                       303   303   303   303   303   303   303   303   303
POST /acces/<token>/renvoyer                       404   404   404   404   404   404   404   404   404
POST /acces/<token>/renvoyer#first                 303   303   303   303   303   303   303   303   303
GET  /acces/envoyee                                200   200   200   200   200   200   200   200   200
GET  /acces/sans-suite                             200   200   200   200   200   200   200   200   200
GET  /accessibilite                                200   200   200   200   200   200   200   200   200
GET  /catalogue                                    login 200   200   200   200   200   200   200   200
GET  /catalogue/<isbn>                             login 200   200   200   200   200   200   200   200
GET  /commandes                                    login 200   200   403   200   403   403   403   403
POST /commandes                                    login 422   422   403   422   403   403   403   403
GET  /commandes/<reference>                        login 200   200   403   404   200   200   200   200
GET  /commandes/<reference>/a-nouveau              login 200   200   403   404   403   403   403   403
POST /commandes/<reference>/a-nouveau              login 422   422   403   404   403   403   403   403
GET  /commandes/<reference>/adresse                login 303   303   403   404   403   403   403   403
POST /commandes/<reference>/adresse                login 409   409   403   404   403   403   403   403
GET  /commandes/<reference>/bons/<note>.pdf        login 200   200   403   404   200   200   200   200
GET  /commandes/<reference>/colis/<number>         login 200   200   403   404   200   200   200   200
GET  /commandes/<reference>/colis/<number>/ecart   login 303   303   403   404   403   403   403   403
POST /commandes/<reference>/colis/<number>/ecart   login 422   422   403   404   403   403   403   403
GET  /commandes/<reference>/colis/<number>/reception login 303 303   403   404   403   403   403   403
POST /commandes/<reference>/colis/<number>/reception login 303 303   403   404   403   403   403   403
GET  /commandes/<reference>/complement             login 303   303   403   404   403   403   403   403
POST /commandes/<reference>/complement             login 422   422   403   404   403   403   403   403
GET  /commandes/<reference>/imperative             login 303   303   403   404   403   403   403   403
POST /commandes/<reference>/imperative             login 409   409   403   404   403   403   403   403
GET  /commandes/<reference>/modifier               login 200   200   403   404   403   403   403   403
POST /commandes/<reference>/modifier               login 422   422   403   404   403   403   403   403
GET  /commandes/<reference>/modifier/retrait       login 303   303   403   404   403   403   403   403
POST /commandes/<reference>/modifier/retrait       login 409   409   403   404   403   403   403   403
GET  /commandes/<reference>/suivi                  login 200   200   403   404   200   200   200   200
GET  /commandes/<reference>/titres/<isbn>/prevenir login 303   303   403   404   403   403   403   403
POST /commandes/<reference>/titres/<isbn>/prevenir login 303   303   403   404   403   403   403   403
GET  /commandes/export.csv                         login 200   200   403   200   403   403   403   403
GET  /commandes/verifier                           login 200   200   403   200   403   403   403   403
GET  /compte                                       login 200   200   200   200   403   403   403   403
GET  /compte/courriels                             login 200   200   200   200   403   403   403   403
POST /compte/courriels                             login 422   422   422   422   403   403   403   403
POST /compte                                       login 403   403   403   403   403   403   403   403
GET  /compte/echanges                              login 200   403   403   200   403   403   403   403
POST /compte/echanges                              login 422   403   403   422   403   403   403   403
GET  /compte/journal                               login 200   403   403   200   403   403   403   403
GET  /compte/modification                          login 200   200   200   200   403   403   403   403
POST /compte/modification                          login 422   422   422   422   403   403   403   403
GET  /compte/second-facteur                        login 403   403   403   403   200   200   200   200
POST /compte/second-facteur                        login 403   403   403   403   422   422   422   422
GET  /compte/second-facteur/abandonner             login 403   403   403   403   303   303   303   303
POST /compte/second-facteur/abandonner             login 403   403   403   403   303   303   303   303
GET  /compte/second-facteur/confirmer              login 403   403   403   403   303   303   303   303
POST /compte/second-facteur/confirmer              login 403   403   403   403   422   422   422   422
GET  /compte/securite                              login 200   200   200   200   200   200   200   200
POST /compte/securite                              login 422   422   422   422   422   422   422   422
GET  /compte/sessions                              login 303   303   303   303   303   303   303   303
POST /compte/sessions                              login 303   303   303   303   303   303   303   303
GET  /compte/utilisateurs                          login 200   403   403   200   403   403   403   403
GET  /compte/utilisateurs/<key>                    login 200   403   403   404   403   403   403   403
POST /compte/utilisateurs/<key>                    login 303   403   403   404   403   403   403   403
GET  /compte/utilisateurs/<key>/fermer             login 303   403   403   404   403   403   403   403
POST /compte/utilisateurs/<key>/fermer             login 303   403   403   404   403   403   403   403
GET  /compte/utilisateurs/<key>/principal          login 303   403   403   404   403   403   403   403
POST /compte/utilisateurs/<key>/principal          login 303   403   403   404   403   403   403   403
GET  /connexion                                    200   303   303   303   303   303   303   303   303
POST /connexion                                    422   422   422   422   422   422   422   422   422
GET  /connexion/application                        login 303   303   303   303   303   303   303   303
POST /connexion/application                        login 303   303   303   303   303   303   303   303
GET  /connexion/code                               login 303   303   303   303   303   303   303   303
POST /connexion/code                               login 303   303   303   303   303   303   303   303
GET  /contact                                      200   200   200   200   200   403   403   403   403
POST /contact                                      login 422   422   422   422   403   403   403   403
GET  /contact/merci                                303   303   303   303   303   403   403   403   403
GET  /deconnexion                                  303   303   303   303   303   303   303   303   303
POST /deconnexion                                  303   303   303   303   303   303   303   303   303
GET  /demo/paiement                                404   404   404   404   404   404   404   404   404
POST /demo/paiement                                404   404   404   404   404   404   404   404   404
GET  /demo/courriels                               404   404   404   404   404   404   404   404   404
GET  /demo/courriels/<key>                         404   404   404   404   404   404   404   404   404
GET  /devis                                        login 200   200   403   200   403   403   403   403
POST /devis                                        login 422   422   403   422   403   403   403   403
GET  /devis/<reference>                            login 200   200   403   404   200   200   200   200
GET  /devis/<reference>/<_act>                     login 303   303   403   404   403   403   403   403
POST /devis/<reference>/accepter                   login 409   409   403   404   403   403   403   403
POST /devis/<reference>/garder                     login 409   409   403   404   403   403   403   403
POST /devis/<reference>/redemander                 login 303   303   403   404   403   403   403   403
POST /devis/<reference>/refuser                    login 409   409   403   404   403   403   403   403
POST /devis/<reference>/repondre                   login 422   422   403   404   403   403   403   403
POST /devis/<reference>/retirer                    login 409   409   403   404   403   403   403   403
GET  /devis/demander                               login 200   200   403   200   403   403   403   403
GET  /echanges/bons/<note>.csv                     login 200   200   403   404   200   200   200   200
GET  /echanges/bons/<note>.edi                     login 200   200   403   404   200   200   200   200
GET  /echanges/commandes/<reference>.csv           login 200   200   403   404   200   200   200   200
GET  /echanges/commandes/<reference>.edi           login 200   200   403   404   200   200   200   200
GET  /echanges/commandes/<reference>.txt           login 200   200   403   404   200   200   200   200
GET  /echanges/commandes/<reference>/reponse.edi   login 200   200   403   404   200   200   200   200
GET  /echanges/documents/<number>.csv              login 200   403   200   404   200   200   200   200
GET  /echanges/documents/<number>.edi              login 200   403   200   404   200   200   200   200
GET  /equipe                                       login 403   403   403   403   200   200   200   200
GET  /equipe/acces/comptes                         login 403   403   403   403   200   200   200   200
GET  /equipe/acces/comptes/<number>                login 403   403   403   403   200   200   200   200
GET  /equipe/acces/comptes/<number>/<_act>         login 403   403   403   403   303   303   303   303
POST /equipe/acces/comptes/<number>/invitation     login 403   403   403   403   409   403   403   409
POST /equipe/acces/comptes/<number>/remplacement   login 403   403   403   403   409   403   403   409
GET  /equipe/acces/comptes/<number>/<key>          login 403   403   403   403   200   200   200   200
POST /equipe/acces/comptes/<number>/<key>          login 403   403   403   403   303   403   403   303
GET  /equipe/acces/comptes/<number>/<key>/<_act>   login 403   403   403   403   303   303   303   303
POST /equipe/acces/comptes/<number>/<key>/principal login 403   403   403   403   303   403   403   303
POST /equipe/acces/comptes/<number>/<key>/rouvrir  login 403   403   403   403   303   403   403   303
POST /equipe/acces/comptes/<number>/<key>/suspendre login 403   403   403   403   303   403   403   303
POST /equipe/acces/comptes/<number>/<key>/vue      login 403   403   403   403   303   303   303   403
GET  /equipe/acces/invitations                     login 403   403   403   403   200   403   403   200
POST /equipe/acces/invitations                     login 403   403   403   403   422   403   403   422
GET  /equipe/acces/invitations/<reference>         login 403   403   403   403   200   403   403   200
POST /equipe/acces/invitations/<reference>         login 403   403   403   403   303   403   403   303
GET  /equipe/acces                                 login 403   403   403   403   200   403   403   200
GET  /equipe/acces/<reference>                     login 403   403   403   403   200   403   403   200
GET  /equipe/acces/<reference>/complement          login 403   403   403   403   303   403   403   303
POST /equipe/acces/<reference>/complement          login 403   403   403   403   422   403   403   403
GET  /equipe/acces/<reference>/ouvrir              login 403   403   403   403   303   403   403   303
POST /equipe/acces/<reference>/ouvrir              login 403   403   403   403   422   403   403   403
GET  /equipe/acces/<reference>/pieces/<key>        login 403   403   403   403   200   403   403   200
GET  /equipe/acces/<reference>/refuser             login 403   403   403   403   303   403   403   303
POST /equipe/acces/<reference>/refuser             login 403   403   403   403   422   403   403   403
GET  /equipe/catalogue                             login 403   403   403   403   200   403   403   200
POST /equipe/catalogue                             login 403   403   403   403   422   403   403   422
GET  /equipe/catalogue/<reference>                 login 403   403   403   403   200   403   403   200
GET  /equipe/catalogue/<reference>/appliquer       login 403   403   403   403   303   403   403   303
POST /equipe/catalogue/<reference>/appliquer       login 403   403   403   403   409   403   403   409
GET  /equipe/catalogue/<reference>/remarques.csv   login 403   403   403   403   200   403   403   200
GET  /equipe/commandes                             login 403   403   403   403   200   200   200   200
GET  /equipe/devis                                 login 403   403   403   403   200   200   200   200
GET  /equipe/devis/<reference>                     login 403   403   403   403   200   200   200   200
GET  /equipe/devis/<reference>/<_act>              login 403   403   403   403   303   403   403   403
POST /equipe/devis/<reference>/calculer            login 403   403   403   403   200   403   403   403
POST /equipe/devis/<reference>/proposer            login 403   403   403   403   422   403   403   403
POST /equipe/devis/<reference>/refuser             login 403   403   403   403   422   403   403   403
GET  /equipe/journal                               login 403   403   403   403   200   200   200   200
GET  /equipe/commandes/<reference>                 login 403   403   403   403   200   200   200   200
GET  /equipe/commandes/<reference>/annulation      login 403   403   403   403   303   403   403   403
POST /equipe/commandes/<reference>/annulation      login 403   403   403   403   422   403   403   403
GET  /equipe/commandes/<reference>/complement      login 403   403   403   403   303   403   403   403
POST /equipe/commandes/<reference>/complement      login 403   403   403   403   422   403   403   403
GET  /equipe/commandes/<reference>/demande         login 403   403   403   403   303   403   403   403
POST /equipe/commandes/<reference>/demande         login 403   403   403   403   409   403   403   403
GET  /equipe/commandes/<reference>/imperative      login 403   403   403   403   303   403   403   403
POST /equipe/commandes/<reference>/imperative      login 403   403   403   403   409   403   403   403
GET  /equipe/commandes/<reference>/modifier        login 403   403   403   403   200   403   403   403
POST /equipe/commandes/<reference>/modifier        login 403   403   403   403   422   403   403   403
GET  /equipe/commandes/<reference>/reponse         login 403   403   403   403   303   403   403   403
POST /equipe/commandes/<reference>/reponse         login 403   403   403   403   409   403   403   403
GET  /equipe/commandes/<reference>/validation      login 403   403   403   403   303   403   403   403
POST /equipe/commandes/<reference>/validation      login 403   403   403   403   409   403   403   403
GET  /equipe/commandes/<reference>/adresse         login 403   403   403   403   403   200   403   403
POST /equipe/commandes/<reference>/adresse         login 403   403   403   403   403   422   403   403
GET  /equipe/commandes/<reference>/expedition      login 403   403   403   403   200   200   403   403
POST /equipe/commandes/<reference>/expedition      login 403   403   403   403   422   422   403   403
GET  /equipe/commandes/<reference>/preparation     login 403   403   403   403   303   303   403   403
POST /equipe/commandes/<reference>/preparation     login 403   403   403   403   303   303   403   403
GET  /equipe/courriels                             login 403   403   403   403   200   200   200   200
GET  /equipe/courriels/<key>                       login 403   403   403   403   200   404   404   200
GET  /equipe/courriels/<key>/renvoi                login 403   403   403   403   303   404   404   303
POST /equipe/courriels/<key>/renvoi                login 403   403   403   403   422   404   404   422
GET  /equipe/courriels/recus/<key>                 login 403   403   403   403   200   404   404   200
GET  /equipe/courriels/recus/<key>/<_decision>     login 403   403   403   403   303   404   404   303
POST /equipe/courriels/recus/<key>/ecarter         login 403   403   403   403   303   404   404   303
POST /equipe/courriels/recus/<key>/message         login 403   403   403   403   422   404   404   422
POST /equipe/courriels/recus/<key>/nouveau         login 403   403   403   403   422   404   404   422
GET  /equipe/coordonnees/<reference>               login 403   403   403   403   200   403   403   200
GET  /equipe/coordonnees/<reference>/appliquer     login 403   403   403   403   303   403   403   303
POST /equipe/coordonnees/<reference>/appliquer     login 403   403   403   403   400   403   403   403
GET  /equipe/coordonnees/<reference>/refuser       login 403   403   403   403   303   403   403   303
POST /equipe/coordonnees/<reference>/refuser       login 403   403   403   403   422   403   403   403
GET  /equipe/commandes/<reference>/reste           login 403   403   403   403   200   200   403   403
POST /equipe/commandes/<reference>/reste           login 403   403   403   403   303   303   403   403
GET  /equipe/fichiers-refuses                      login 403   403   403   403   200   403   403   200
GET  /equipe/fichiers-refuses/<key>                login 403   403   403   403   200   403   403   200
GET  /equipe/expeditions                           login 403   403   403   403   200   200   403   403
POST /equipe/expeditions                           login 403   403   403   403   422   422   403   403
GET  /equipe/messages                              login 403   403   403   403   200   200   200   200
GET  /equipe/messages/<reference>                  login 403   403   403   403   200   404   404   200
GET  /equipe/messages/<reference>#SAV              login 403   403   403   403   404   200   404   200
GET  /equipe/messages/<reference>#compta           login 403   403   403   403   404   404   200   200
GET  /equipe/messages/<reference>/<_act>           login 403   403   403   403   303   404   404   303
POST /equipe/messages/<reference>/cloture          login 403   403   403   403   400   404   404   400
POST /equipe/messages/<reference>/note             login 403   403   403   403   422   404   404   422
POST /equipe/messages/<reference>/prise            login 403   403   403   403   400   404   404   400
POST /equipe/messages/<reference>/reponse          login 403   403   403   403   422   404   404   422
POST /equipe/messages/<reference>/reunion          login 403   403   403   403   422   404   404   422
POST /equipe/messages/<reference>/reveil           login 403   403   403   403   400   404   404   400
POST /equipe/messages/<reference>/service          login 403   403   403   403   422   404   404   422
POST /equipe/messages/<reference>/sommeil          login 403   403   403   403   422   404   404   422
GET  /equipe/messages/<slug>                       login 403   403   403   403   200   403   403   200
GET  /equipe/messages/<slug>/reponses-types        login 403   403   403   403   200   403   403   200
GET  /equipe/messages/<slug>/reponses-types/<key>  login 403   403   403   403   200   403   403   200
POST /equipe/messages/<slug>/reponses-types/<key>  login 403   403   403   403   422   403   403   422
GET  /equipe/messages/<slug>/reponses-types/<key>/<number>/retirer login 403 403 403 403 303 403 403 303
POST /equipe/messages/<slug>/reponses-types/<key>/<number>/retirer login 403 403 403 403 303 403 403 303
GET  /equipe/messages/<slug>/reponses-types/<key>/suppression login 403 403 403 403 303 403 403 303
POST /equipe/messages/<slug>/reponses-types/<key>/suppression login 403 403 403 403 303 403 403 303
GET  /equipe/messages/<slug>/reponses-types/nouvelle login 403 403  403   403   200   403   403   200
POST /equipe/messages/<slug>/reponses-types/nouvelle login 403 403  403   403   422   403   403   422
GET  /equipe/messages/pieces/<key>                 login 403   403   403   403   200   404   404   200
GET  /equipe/messages/pieces/<key>#RIB             login 403   403   403   403   403   403   200   403
GET  /documents                                    login 200   403   200   200   200   200   200   200
GET  /documents/<number>                           login 200   403   200   404   200   200   200   200
GET  /documents/<number>.cii.xml                   login 200   403   200   404   200   200   200   200
GET  /documents/<number>.pdf                       login 200   403   200   404   200   200   200   200
GET  /documents/<number>.ubl.xml                   login 200   403   200   404   200   200   200   200
GET  /documents/avoirs                             login 200   403   200   200   200   200   200   200
GET  /documents/dossiers                           login 200   403   200   200   403   403   403   403
POST /documents/dossiers                           login 303   403   303   303   403   403   403   403
GET  /documents/dossiers/<reference>               login 200   403   200   404   200   200   200   200
GET  /documents/dossiers/<reference>/<name>        login 200   403   200   404   200   200   200   200
GET  /documents/dossiers/choisis                   login 303   403   303   303   403   403   403   403
POST /documents/dossiers/choisis                   login 409   403   409   409   403   403   403   403
GET  /documents/dossiers/releve                    login 303   403   303   303   403   403   403   403
POST /documents/dossiers/releve                    login 303   403   303   303   403   403   403   403
GET  /documents/releve                             login 301   403   301   301   403   403   403   403
GET  /equipe/pilotage                              login 403   403   403   403   200   200   200   200
GET  /equipe/pilotage/chiffres.csv                 login 403   403   403   403   200   200   200   200
GET  /equipe/pilotage/travaux                      login 403   403   403   403   303   303   303   303
POST /equipe/pilotage/travaux                      login 403   403   403   403   403   403   403   303
GET  /equipe/comptabilite                          login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/relances                 login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/relances/<number>        login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/relances/<number>/<_act> login 403   403   403   403   403   403   303   403
POST /equipe/comptabilite/relances/<number>/envoi  login 403   403   403   403   403   403   422   403
POST /equipe/comptabilite/relances/<number>/litige login 403   403   403   403   403   403   422   403
POST /equipe/comptabilite/relances/<number>/reprise login 403  403   403   403   403   403   404   403
GET  /equipe/comptabilite/exports                  login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/exports/ecritures.txt    login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/exports/ventes.csv       login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/banque                   login 403 403 403 403 403 403 200 403
POST /equipe/comptabilite/banque                   login 403 403 403 403 403 403 422 403
GET  /equipe/comptabilite/banque/<reference>       login 403 403 403 403 403 403 200 403
GET  /equipe/comptabilite/banque/<reference>/lignes/<line_id>/<_act> login 403 403 403 403 403 403 303 403
POST /equipe/comptabilite/banque/<reference>/lignes/<line_id>/compte login 403 403 403 403 403 403 422 403
POST /equipe/comptabilite/banque/<reference>/lignes/<line_id>/confirmer login 403 403 403 403 403 403 409 403
POST /equipe/comptabilite/banque/<reference>/lignes/<line_id>/ecarter login 403 403 403 403 403 403 422 403
POST /equipe/comptabilite/banque/<reference>/lignes/<line_id>/reprendre login 403 403 403 403 403 403 409 403
GET  /equipe/comptabilite/banque/<reference>/sures login 403 403 403 403 403 403 303 403
POST /equipe/comptabilite/banque/<reference>/sures login 403 403 403 403 403 403 303 403
GET  /equipe/comptabilite/comptes/<number>         login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/comptes/<number>/<_act>  login 403   403   403   403   403   403   303   403
POST /equipe/comptabilite/comptes/<number>/affectations login 403   403   403   403   403   403   422   403
POST /equipe/comptabilite/comptes/<number>/annulation login 403   403   403   403   403   403   409   403
GET  /equipe/comptabilite/comptes/<number>/avoir   login 403   403   403   403   403   403   200   403
POST /equipe/comptabilite/comptes/<number>/avoir   login 403   403   403   403   403   403   422   403
POST /equipe/comptabilite/comptes/<number>/contrepassation login 403 403 403 403 403   403   422   403
POST /equipe/comptabilite/comptes/<number>/proposition login 403   403   403   403   403   403   404   403
POST /equipe/comptabilite/comptes/<number>/reglements login 403   403   403   403   403   403   422   403
GET  /equipe/releves/<number>                      login 403   403   403   403   200   200   200   200
GET  /equipe/releves/<number>/papier               login 403   403   403   403   303   303   303   303
POST /equipe/releves/<number>/papier               login 403   403   403   403   303   303   303   303
GET  /equipe/releves/<number>.csv                  login 403   403   403   403   200   200   200   200
GET  /equipe/releves/<number>.pdf                  login 403   403   403   403   200   200   200   200
GET  /equipe/retours                               login 403   403   403   403   200   200   200   200
GET  /equipe/retours/<reference>                   login 403   403   403   403   200   200   200   200
GET  /equipe/retours/<reference>/<_step>           login 403   403   403   403   303   303   303   303
POST /equipe/retours/<reference>/avoir             login 403   403   403   403   403   409   403   403
POST /equipe/retours/<reference>/controle          login 403   403   403   403   403   409   403   403
POST /equipe/retours/<reference>/reception         login 403   403   403   403   403   303   403   403
GET  /equipe/reglages                              login 403   403   403   403   403   403   403   200
GET  /equipe/reglages/<slug>                       login 403   403   403   403   403   403   403   200
POST /equipe/reglages/<slug>                       login 403   403   403   403   403   403   403   422
GET  /equipe/reglages/<slug>/<number>/<_act>       login 403   403   403   403   403   403   403   303
POST /equipe/reglages/<slug>/<number>/confirmer    login 403   403   403   403   403   403   403   409
POST /equipe/reglages/<slug>/<number>/retirer      login 403   403   403   403   403   403   403   303
GET  /equipe/utilisateurs                          login 403   403   403   403   403   403   403   200
POST /equipe/utilisateurs                          login 403   403   403   403   403   403   403   422
GET  /equipe/utilisateurs/<key>                    login 403   403   403   403   403   403   403   200
POST /equipe/utilisateurs/<key>                    login 403   403   403   403   403   403   403   422
GET  /equipe/utilisateurs/<key>/<_act>             login 403   403   403   403   403   403   403   303
POST /equipe/utilisateurs/<key>/lien               login 403   403   403   403   403   403   403   303
POST /equipe/utilisateurs/<key>/rouvrir            login 403   403   403   403   403   403   403   303
POST /equipe/utilisateurs/<key>/second-facteur     login 403   403   403   403   403   403   403   303
POST /equipe/utilisateurs/<key>/suspendre          login 403   403   403   403   403   403   403   303
GET  /faq                                          200   200   200   200   200   200   200   200   200
GET  /faq/avis                                     303   303   303   303   303   303   303   303   303
POST /faq/avis                                     404   404   404   404   404   404   404   404   404
GET  /mentions-legales                             200   200   200   200   200   200   200   200   200
GET  /messages                                     login 200   200   200   200   403   403   403   403
GET  /messages/<reference>                         login 200   200   403   404   403   403   403   403
POST /messages/<reference>                         login 422   422   403   404   403   403   403   403
GET  /messages/courriels                           login 200   200   200   200   403   403   403   403
GET  /messages/courriels/<key>                     login 200   200   403   404   403   403   403   403
GET  /messages/pieces/<key>                        login 200   200   403   404   403   403   403   403
GET  /messages/pieces/<key>#RIB                    login 200   403   200   404   403   403   403   403
GET  /messages/suivi/<token>                       200   200   200   200   200   200   200   200   200
POST /messages/suivi/<token>                       422   422   422   422   422   422   422   422   422
GET  /messages/suivi/<token>/pieces/<key>          200   200   200   200   200   200   200   200   200
GET  /mot-de-passe                                 login 303   303   303   303   303   303   303   303
POST /mot-de-passe                                 login 403   403   403   403   403   403   403   403
GET  /mot-de-passe-oublie                          200   200   200   200   200   200   200   200   200
POST /mot-de-passe-oublie                          422   422   422   422   422   422   422   422   422
GET  /mot-de-passe-oublie/<token>                  200   410   200   200   200   200   200   200   200
POST /mot-de-passe-oublie/<token>                  303   410   303   303   303   303   303   303   303
GET  /mot-de-passe-oublie/envoye                   200   200   200   200   200   200   200   200   200
GET  /ouvrir-un-compte                             200   200   200   200   200   200   200   200   200
POST /ouvrir-un-compte                             422   422   422   422   422   422   422   422   422
GET  /ouvrir-un-compte/<token>                     200   200   200   200   200   200   200   200   200
POST /ouvrir-un-compte/<token>                     422   422   422   422   422   422   422   422   422
GET  /ouvrir-un-compte/<token>/pieces/<key>        200   200   200   200   200   200   200   200   200
GET  /ouvrir-un-compte/<token>/reprendre           200   200   200   200   200   200   200   200   200
GET  /ouvrir-un-compte/<token>/retirer             303   303   303   303   303   303   303   303   303
POST /ouvrir-un-compte/<token>/retirer             303   303   303   303   303   303   303   303   303
GET  /ouvrir-un-compte/recue                       200   200   200   200   200   200   200   200   200
GET  /panier                                       login 200   200   403   200   403   403   403   403
POST /panier                                       login 303   303   403   303   403   403   403   403
GET  /panier/dates                                 login 303   303   403   303   403   403   403   403
POST /panier/dates                                 login 303   303   403   303   403   403   403   403
GET  /panier/devis                                 login 303   303   403   303   403   403   403   403
POST /panier/devis                                 login 303   303   403   303   403   403   403   403
GET  /panier/lignes                                login 303   303   403   303   403   403   403   403
POST /panier/lignes                                login 422   422   403   422   403   403   403   403
GET  /panier/lignes/<isbn>                         login 303   303   403   303   403   403   403   403
POST /panier/lignes/<isbn>                         login 400   400   403   400   403   403   403   403
GET  /panier/lignes/<isbn>/retirer                 login 303   303   403   303   403   403   403   403
POST /panier/lignes/<isbn>/retirer                 login 303   303   403   303   403   403   403   403
GET  /panier/liste                                 login 200   200   403   200   403   403   403   403
POST /panier/liste                                 login 422   422   403   422   403   403   403   403
GET  /panier/liste/<key>                           login 200   200   403   404   403   403   403   403
POST /panier/liste/<key>                           login 303   303   403   404   403   403   403   403
GET  /panier/liste/<key>/rejets.csv                login 200   200   403   404   403   403   403   403
GET  /panier/liste/modele.csv                      login 200   200   403   200   403   403   403   403
GET  /panier/livraison                             login 303   303   403   303   403   403   403   403
POST /panier/livraison                             login 303   303   403   303   403   403   403   403
GET  /panier/verifier                              login 303   303   403   303   403   403   403   403
POST /panier/verifier                              login 303   303   403   303   403   403   403   403
GET  /plan-du-site                                 200   200   200   200   200   200   200   200   200
GET  /recherche                                    login 200   200   200   200   200   200   200   200
GET  /paiement                                     login 200   403   200   200   200   200   200   200
POST /paiement                                     login 409   403   409   409   403   403   403   403
GET  /paiement/cheque.pdf                          login 303   403   303   303   403   403   403   403
GET  /paiement/notification                        303   303   303   303   303   303   303   303   303
POST /paiement/notification                        403   403   403   403   403   403   403   403   403
GET  /paiement/<reference>                         login 200   403   200   404   200   200   200   200
GET  /paiement/<reference>/annuler                 login 303   403   303   404   403   403   403   403
POST /paiement/<reference>/annuler                 login 303   403   303   404   403   403   403   403
GET  /equipe/comptabilite/reglements               login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/reglements/<reference>/<_step> login 403   403   403   403   403   403   303   403
POST /equipe/comptabilite/reglements/<reference>/recu login 403   403   403   403   403   403   303   403
POST /equipe/comptabilite/reglements/<reference>/annuler login 403   403   403   403   403   403   422   403
POST /equipe/comptabilite/reglements/<reference>/verifie login 403   403   403   403   403   403   409   403
GET  /paiement/lcr                                 login 200   403   200   200   403   403   403   403
POST /paiement/lcr                                 login 422   403   422   422   403   403   403   403
GET  /paiement/lcr/retirer                         login 303   403   303   303   403   403   403   403
POST /paiement/lcr/retirer                         login 404   403   404   303   403   403   403   403
GET  /equipe/comptabilite/lcr                      login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/lcr/avis                 login 403   403   403   403   403   403   200   403
POST /equipe/comptabilite/lcr/avis                 login 403   403   403   403   403   403   422   403
GET  /equipe/comptabilite/lcr/avis/<reference>     login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/lcr/avis/<reference>/noter login 403 403   403   403   403   403   303   403
POST /equipe/comptabilite/lcr/avis/<reference>/noter login 403 403   403   403   403   403   409   403
GET  /equipe/comptabilite/lcr/lots                 login 403   403   403   403   403   403   303   403
POST /equipe/comptabilite/lcr/lots                 login 403   403   403   403   403   403   422   403
GET  /equipe/comptabilite/lcr/lots/<reference>     login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/lcr/lots/<reference>#sent login 403  403   403   403   403   403   200   403
GET  /equipe/comptabilite/lcr/lots/<reference>.txt login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/lcr/lots/<reference>/<_act> login 403 403  403   403   403   403   303   403
POST /equipe/comptabilite/lcr/lots/<reference>/abandonner login 403 403 403 403  403   403   303   403
POST /equipe/comptabilite/lcr/lots/<reference>/creer login 403 403   403   403   403   403   409   403
POST /equipe/comptabilite/lcr/lots/<reference>/ecarter login 403 403 403   403   403   403   409   403
POST /equipe/comptabilite/lcr/lots/<reference>/encaisser login 403 403 403 403   403   403   409   403
POST /equipe/comptabilite/lcr/lots/<reference>/impayees login 403 403 403  403   403   403   409   403
GET  /equipe/comptabilite/lcr/mandats/<reference>  login 403   403   403   403   403   403   200   403
GET  /equipe/comptabilite/lcr/mandats/<reference>/<_act> login 403 403 403 403   403   403   303   403
POST /equipe/comptabilite/lcr/mandats/<reference>/iban login 403 403 403  403   403   403   409   403
POST /equipe/comptabilite/lcr/mandats/<reference>/<step> login 403 403 403 403   403   403   409   403
GET  /equipe/comptabilite/lcr/rib/<key>            login 403   403   403   403   403   403   200   403
GET  /releves                                      login 200   403   200   200   403   403   403   403
GET  /releves/releve.csv                           login 200   403   200   200   403   403   403   403
GET  /releves/releve.pdf                           login 200   403   200   200   403   403   403   403
GET  /retours                                      login 200   200   403   200   403   403   403   403
GET  /retours/<reference>                          login 200   200   403   404   200   200   200   200
GET  /retours/<reference>/bon.pdf                  login 200   200   403   404   200   200   200   200
GET  /retours/<reference>/annuler                  login 303   303   403   404   403   403   403   403
POST /retours/<reference>/annuler                  login 303   303   403   404   403   403   403   403
GET  /retours/<reference>/etiquettes.pdf           login 200   200   403   404   200   200   200   200
GET  /retours/a-retourner                          login 200   200   403   200   403   403   403   403
POST /retours/a-retourner                          login 303   303   403   303   403   403   403   403
GET  /retours/nouveau                              login 200   200   403   200   403   403   403   403
POST /retours/nouveau                              login 303   303   403   303   403   403   403   403
GET  /retours/nouveau/<_added>                     login 303   303   403   303   403   403   403   403
POST /retours/nouveau/lignes                       login 422   422   403   422   403   403   403   403
POST /retours/nouveau/liste                        login 422   422   403   422   403   403   403   403
GET  /retours/photos/<key>                         login 200   200   403   404   200   200   200   200
GET  /sante                                        200   200   200   200   200   200   200   200   200
GET  /vue/fin                                      login 303   303   303   303   303   303   303   303
POST /vue/fin                                      login 303   303   303   303   303   303   303   303
"""


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    """(method, rule, role -> what it gets)"""
    for line in TABLE.splitlines():
        if line.strip() and not line.startswith("#"):
            method, rule, *cells = line.split()
            yield method, rule, dict(zip(ROLES, cells, strict=True))


def outcome(answer: TestResponse) -> str:
    """One word for what was answered."""
    sent_to = answer.headers.get("Location") or answer.headers.get("HX-Redirect") or ""
    if sent_to.startswith("/connexion?next="):
        return "login"
    if "HX-Redirect" in answer.headers:
        return "303"
    return {286: "200"}.get(answer.status_code, str(answer.status_code))  # 286: a page that stops polling


def test_the_table_names_every_route_and_no_other(scene: Scene) -> None:
    known = {
        (method, short(rule.rule))
        for rule in scene.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    written = {(method, rule.partition("#")[0]) for method, rule, _ in rows()}
    assert known - written == set(), "add a line to TABLE for each of these routes"
    assert written - known == set(), "these lines of TABLE have no route any more"


def test_the_scene_has_an_address_for_every_row(scene: Scene) -> None:
    lacking = {rule for _, rule, _ in rows() if scene.address(rule) is None}
    assert lacking == set(), "add an address of each of these to tests/site/happenings.py"


@pytest.mark.parametrize("role", ROLES)
def test_every_role_gets_what_the_table_says(scene: Scene, role: str, tmp_path: Path) -> None:
    asker, wrong = Asker(scene.client(role), tmp_path), []
    for method, rule, cells in rows():
        plain, htmx = (
            outcome(asker.ask(method, scene.address(rule) or rule, htmx=htmx)) for htmx in (False, True)
        )
        if plain != cells[role] or htmx not in {plain, "200" if plain == "303" else plain}:
            wrong.append(f"{method} {rule}: {plain}, with HTMX {htmx}, not {cells[role]}")
    assert wrong == []


def test_every_address_that_takes_a_post_has_a_page_to_get(scene: Scene) -> None:
    asked = {(method, rule) for method, rule, _ in rows()}
    acts = {(method, scene.address(rule)) for method, rule in asked}
    adapter = scene.app.url_map.bind("localhost")
    lonely = [url for method, url in acts if method == "POST" and not adapter.test(url, method="GET")]
    assert lonely == []
