"""What belongs to a page and not to its text: menus, buttons, vote counters, calls to sign in.

The vocabulary is that of page furniture in general, in several languages; a line is furniture when most of its
words are. It is applied only to short lines without the build of a sentence, save for the few whole patterns.
"""

from __future__ import annotations

import re

from documents.kinds.lines import is_number, is_sentence_end, visual_width

_LONGEST = 110  # visual characters
_TOKEN = re.compile(r"[^\W_]+", re.UNICODE)
_WORDS = frozenset(
    """
    menu home search sign log login logout in out up register join subscribe subscribed unsubscribe follow following
    share tweet print email copy link reply report flag save bookmark like likes dislike upvote downvote vote votes
    more less all show hide view read load previous next back top close open expand collapse comments comment charts
    podcast podcasts episodes topics people add api blog pricing about contact help faq privacy policy terms cookies
    cookie settings accept image logo icon avatar photo advertisement sponsored related articles posts newsletter
    download app apps play pause rss feed account profile notifications sort by newest oldest best skip content main
    navigation categories tags archive archives language english deutsch español français 日本語 中文 permalink parent
    menü startseite suche suchen anmelden abmelden registrieren teilen antworten melden speichern kommentare kommentar
    mehr weniger anzeigen weiterlesen impressum datenschutz kontakt über uns hilfe drucken werbung anzeige
    inicio buscar iniciar sesión cerrar registrarse compartir responder comentarios comentario más menos mostrar
    suscribirse contacto privacidad ayuda imprimir publicidad
    accueil rechercher connexion inscription partager répondre commentaires commentaire plus afficher contact aide
    """.split()
)
_BUTTONS = frozenset(
    "share reply subscribe advertisement teilen antworten weiterlesen anzeige compartir responder publicidad".split()
)
_GLUE = frozenset("& and und y et to the a an for with of de la le les der die das und zu im".split())
_WHOLE = re.compile(
    r"(?:(?:show|read|load|view|see|hide|continue)\s(?:more|less|all|the\s)?\s?(?:\w+\s?){0,3}"
    r"|(?:please\s)?(?:log|sign)\s?(?:in|up)\b.{0,60}"
    r"|(?:there\sare\s)?no\scomments(?:\syet)?\.?|be\sthe\sfirst\sto\s.{0,40}|leave\sa\s(?:comment|reply)"
    r"|listen\sto\sthis\s\w+|\d{1,3}[\s-]min(?:ute)?s?\sread"
    r"|\d+\s(?:comments?|replies|points?|votes?|likes?|karma|kommentare?|comentarios?|commentaires?|antworten)"
    r"|(?:bitte\s)?(?:melde|melden|loggen)\s.{0,40}(?:an|ein)\b.{0,40}|mehr\s(?:anzeigen|lesen|laden)|weiterlesen"
    r"|noch\skeine\skommentare\.?|(?:ver|leer|mostrar)\s(?:más|todo|todos)|inicia(?:r)?\ssesión.{0,40}"
    r"|(?:lire|voir|afficher)\s(?:la\ssuite|plus)"
    r"|.{0,24}を(?:表示|見る|読む|開く|閉じる|閲覧)|もっと(?:見る|読む)|続きを(?:読む|見る)|関連(?:記事|リンク)"
    r"|(?:ログイン|サインイン|会員登録|新規登録|シェア|共有|返信|検索|メニュー|ホーム)(?:する)?"
    r"|(?:显示|查看|阅读|展开|加载)(?:更多|全文|全部|原文).{0,8}|(?:登录|注册|分享|回复|搜索|首页|菜单|相关文章|举报|点赞)"
    r")$",
    re.IGNORECASE,
)


def is_interface(line: str) -> bool:
    """Tell whether a line is a menu, a button or a counter.

    "Sign In Search Charts" -> True; "もっと見る" -> True; "Search warrants were issued." -> False
    """
    if visual_width(line) > _LONGEST or "\n" in line:
        return False
    text = line.strip()
    if _WHOLE.match(text) and (visual_width(text) <= 60 or not is_sentence_end(text)):
        return True
    if is_sentence_end(text) or text[:1].isdigit():
        return False
    words = [word.lower() for word in _TOKEN.findall(text)]
    known = sum(word in _WORDS for word in words)
    counted = sum(word not in _GLUE and not word.isdigit() for word in words)
    return counted > 0 and (known >= 0.6 * counted if counted > 1 else known == 1)


def is_button(line: str) -> bool:
    """Tell whether a line in the middle of a text is furniture; a lone word there is rather a heading."""
    text = line.strip()
    alone = len(_TOKEN.findall(text)) == 1 and not _WHOLE.match(text)
    return is_interface(text) and (not alone or text.lower() in _BUTTONS)


def is_counter(line: str) -> bool:
    """Tell whether a line is a lone number such as a vote count."""
    return is_number(line) and len(line.strip()) <= 7
