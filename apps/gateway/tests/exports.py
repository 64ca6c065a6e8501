"""Exports as the three platforms write them, for tests: the headers are their own."""

YOUTUBE = """\
Content,Video title,Video publish time,Duration,Engaged views,Views,\
Stayed to watch (%),Average view duration,\
Average percentage viewed (%),Watch time (hours),Shares,\
Subscribers,Impressions,Impressions click-through rate (%)
Total,,,,"28,000","44,531",62.1,0:00:34,62.3,12,9,3,4,1
abcDEF12345,"Why, an octopus","Sep 14, 2026",31,"1,001","1,234",62.1,0:00:23,74.2,7.9,12,1,4000,4.2
xyzDEF12345,Bees,"Sep 15, 2026",20,80,100,55,0:00:25,125,0.7,,1,400,1.2
"""
YOUTUBE_BY_DAY = """\
Date,Content,Video title,Views,Average view duration
2026-10-02,abcDEF12345,Octopus,10,0:00:10
2026-10-01,abcDEF12345,Octopus,30,0:00:20
2026-10-01,xyzDEF12345,Bees,7,0:00:09
"""
INSTAGRAM = """\
Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,Permalink,Post type,\
Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves
17890,178,sea.life,Sea Life,"Test, one",32,09/15/2026 18:00,https://www.instagram.com/reel/DAbc123/,IG reel,,\
Lifetime,"15,000",9800,410,120,14,20,55
"""
TIKTOK = """\
Video title;Video link;Post time;Total likes;Total comments;Total shares;Total views;Total play time;\
Average watch time;Watched full video;Add to favorites
Chair;https://www.tiktok.com/@c/video/7400000000000000001?a=1;2026-10-03 09:10;3;2;15;1.2K;;12,5;31,5%;40
Table;https://www.tiktok.com/@c/video/7400000000000000002;2026-10-04 09:10;30;2;5;18,400;;12.5s;38;4
"""
